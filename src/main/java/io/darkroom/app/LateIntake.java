package io.darkroom.app;

import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.Settlement;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/** The intake before there is one: who comes early waits until the models are served. */
@Singleton
final class LateIntake implements Intake {
  private final CompletableFuture<Intake> pipeline = new CompletableFuture<>();

  /** From now on requests are settled. */
  void open(Intake intake) {
    pipeline.complete(intake);
  }

  @Override
  public Settlement settle(Delivery delivery) {
    return pipeline.join().settle(delivery);
  }
}
