package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.render.ObjectStore.StoreFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GiveUpTest {
  private final StoreFailure refused =
      new StoreFailure("s3://b/k: 403 InvalidObjectState", new IllegalStateException(), true);
  private final StoreFailure ill = new StoreFailure("s3://b/k: 500", new IllegalStateException());

  private final IntakeGate gate = new IntakeGate(System::nanoTime);
  private final GiveUp giveUp = new GiveUp(gate, 0);

  @Test
  void aSecondRefusalEndsTheRequest() {
    assertThat(giveUp.failed(refused)).isEmpty();
    Problem problem = giveUp.failed(refused).orElseThrow();

    assertThat(problem.kind()).isEqualTo(ErrorClass.STORAGE);
    assertThat(problem.message())
        .isEqualTo("s3://b/k: 403 InvalidObjectState (given up after 2 tries)");
  }

  @Test
  void anAddressThatAlwaysFailsEndsTheRequestAfterTenTries() {
    for (int i = 1; i < 10; i++) {
      assertThat(giveUp.failed(ill)).as("try " + i).isEmpty();
    }
    assertThat(giveUp.failed(ill)).isPresent();
  }

  @Test
  void afterThreeTriesARecordIsPostponed() {
    for (int i = 1; i <= 3; i++) {
      assertThat(giveUp.postpones()).as("before try " + i).isFalse();
      assertThat(giveUp.failed(ill)).isEmpty();
    }
    assertThat(giveUp.postpones()).isTrue();
    assertThat(giveUp.postponed(ill).message())
        .isEqualTo("s3://b/k: 500 (postponed after 3 tries)");

    gate.set(Optional.of("no store"));
    assertThat(giveUp.postpones()).as("during an outage all records wait").isFalse();
  }

  @Test
  void triesOfEarlierDeliveriesCount() {
    GiveUp later = new GiveUp(gate, 9);

    assertThat(later.failed(ill).orElseThrow().message())
        .isEqualTo("s3://b/k: 500 (given up after 10 tries)");
  }

  @Test
  void aFaultOfTheWorkerEndsTheRequestWithoutItsText() {
    Optional<Problem> problem = Optional.empty();
    for (int i = 0; i < 10; i++) {
      problem = giveUp.failed(new IllegalStateException("secret"));
    }
    assertThat(problem.orElseThrow().kind()).isEqualTo(ErrorClass.INTERNAL);
    assertThat(problem.get().message()).doesNotContain("secret");
  }

  @Test
  void noRequestIsGivenUpWhileTheWholeStoreIsRefused() {
    gate.set(Optional.of("s3://b: is not usable: 403 AccessDenied"));
    for (int i = 0; i < 100; i++) {
      assertThat(giveUp.failed(refused)).isEmpty();
    }
  }

  @Test
  void aCheckFromBeforeTheFailureIsNotEnough() throws Exception {
    gate.checked(gate.now());
    assertThat(giveUp.failed(refused)).isEmpty();
    CompletableFuture<Optional<Problem>> second =
        CompletableFuture.supplyAsync(() -> giveUp.failed(refused));

    gate.set(Optional.of("s3://b: is not usable: 404 NoSuchBucket"));
    gate.checked(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));

    assertThat(second.get()).as("refused because the bucket is gone").isEmpty();
  }

  @Test
  void aGateThatIsClosedHoldsUntilItOpensOrTheWorkerStops() throws Exception {
    gate.set(Optional.of("no store"));
    CompletableFuture<Boolean> held = CompletableFuture.supplyAsync(() -> await(gate));
    assertThat(gate.reason()).contains("no store");
    gate.set(Optional.empty());
    assertThat(held.get()).isTrue();

    gate.set(Optional.of("no store"));
    CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> await(gate));
    gate.stop();
    assertThat(stopped.get()).isFalse();
    assertThat(gate.confirmed(Duration.ZERO)).isFalse();
  }

  private static boolean await(IntakeGate gate) {
    try {
      return gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
