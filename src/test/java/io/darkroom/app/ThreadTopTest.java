package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadTopTest {
  private final List<Throwable> deaths = new ArrayList<>();

  private void run(ThreadTop.Task task) {
    new ThreadTop(task, deaths::add).run();
  }

  @Test
  void everyThrowableIsReported() {
    List<Throwable> faults =
        List.of(
            new LinkageError("no library"), new IOException("no folder"), new RuntimeException());
    for (Throwable fault : faults) {
      run(
          () -> {
            if (fault instanceof Error error) {
              throw error;
            }
            throw (Exception) fault;
          });
    }
    assertThat(deaths).isEqualTo(faults);
  }

  @Test
  void aNormalEndOrARequestedStopIsNotAFailure() {
    run(() -> {});
    run(
        () -> {
          throw new InterruptedException();
        });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(deaths).isEmpty();
  }
}
