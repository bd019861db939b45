package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.JobId;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a cancelled request is not rendered, and that a completed one stays completed. */
class CancelledRequestTest {
  @TempDir Path folder;
  private TestWorker darkroom;

  @BeforeEach
  void open() {
    darkroom = TestWorker.formula(folder);
  }

  @AfterEach
  void close() {
    darkroom.close();
  }

  @Test
  void aCancellationBeforeTheRequestApplies() {
    darkroom.cancellations().cancel(new JobId("early"), TestWorker.NOW);

    Settlement settled = darkroom.settle(TestWorker.request("early"));

    assertThat(settled.outcome())
        .isInstanceOfSatisfying(
            RenderOutcome.Cancelled.class,
            cancelled -> {
              assertThat(cancelled.subject()).isEqualTo("early");
              assertThat(cancelled.requestSha256()).hasSize(64);
              assertThat(cancelled.evaluations()).isZero();
            });
    assertThat(settled.deadLetter()).isFalse();
    assertThat(darkroom.rows()).isZero();
    assertThat(folder.resolve("pictures/renders/early")).doesNotExist();
  }

  @Test
  void aFinishedRenderStaysFinished() {
    darkroom.settle(TestWorker.request("done"));
    darkroom.cancellations().cancel(new JobId("done"), TestWorker.NOW);

    assertThat(darkroom.settle(TestWorker.request("done")).outcome())
        .isInstanceOfSatisfying(
            RenderOutcome.Completed.class, completed -> assertThat(completed.reused()).isTrue());
  }

  @Test
  void aRequestIsLeftToAnotherWorkerWhenTheEngineIsClosed() {
    RenderPipeline pipeline = darkroom.over(darkroom.store());
    darkroom.close();

    assertThatThrownBy(() -> pipeline.settle(TestWorker.delivery(TestWorker.request("left"))))
        .isInstanceOf(Unsettled.class)
        .hasMessage("the worker shut down before the request was rendered");
    assertThat(folder.resolve("pictures/renders/left")).doesNotExist();
  }
}
