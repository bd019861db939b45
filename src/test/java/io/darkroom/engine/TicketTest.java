package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TicketTest {
  private static Ticket ticket() {
    return new Ticket(new PictureHold(1, Optional.empty(), () -> {}));
  }

  @Test
  void aCancellationEndsItsStage() {
    Ticket ticket = ticket();
    Runnable cancellation = ticket.cancellation();
    assertThat(ticket.cancelled()).isFalse();

    cancellation.run();

    assertThat(ticket.cancelled()).isTrue();
  }

  @Test
  void aCancellationThatIsKeptDoesNotKeepThePictures() {
    Kept kept = Kept.of(ticket());

    await()
        .until(
            () -> {
              System.gc();
              return kept.pictures().get() == null;
            });
    kept.cancellation().run();
  }

  private record Kept(WeakReference<Object> pictures, Runnable cancellation) {
    static Kept of(Ticket ticket) {
      return new Kept(new WeakReference<>(ticket.outcome()), ticket.cancellation());
    }
  }
}
