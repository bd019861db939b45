package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.app.cli.FolderStore;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that results wait on disk while the store fails, and that nothing is rendered again. */
class SpooledStoreTest extends ObjectStoreContract {
  private static final String REQUEST =
      "{'id':'job','kind':'generate','model':'formula','class_label':1,"
          + "'num_inference_steps':3,'num_images':2}";

  @TempDir Path folder;
  private Spool spool;

  @BeforeEach
  void open() throws IOException {
    spool = Spool.open(folder.resolve("spool"), 1 << 20);
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
  }

  /** The process ends, and the next one has its spool. */
  private void restart(long maxBytes) throws IOException {
    spool.close();
    spool = Spool.open(folder.resolve("spool"), maxBytes);
  }

  @Override
  protected ObjectStore store() {
    return new SpooledStore(new FolderStore(folder), spool);
  }

  @Override
  protected String bucket() {
    return "pictures";
  }

  private TestWorker darkroom() {
    return TestWorker.formula(folder.resolve("store"));
  }

  private Path manifest() {
    return folder.resolve("store/pictures/renders/job/manifest.json");
  }

  private static Manifest completed(Settlement settlement, boolean reused) {
    RenderOutcome.Completed completed = (RenderOutcome.Completed) settlement.outcome();
    assertThat(completed.reused()).isEqualTo(reused);
    return completed.manifest();
  }

  /** Renders while the store is down, until it has been for as long as results are retried. */
  private static void renderInAnOutage(TestWorker darkroom, Spool spool) {
    FaultyStore down = new FaultyStore(darkroom.store(), false).failObjects(1000);
    assertThatThrownBy(() -> darkroom.over(down, spool).settle(TestWorker.delivery(REQUEST)))
        .isInstanceOf(ObjectStore.StoreFailure.class);
  }

  private static void isStored(TestWorker darkroom, Manifest manifest) throws IOException {
    assertThat(manifest.outputs()).hasSize(2);
    for (Manifest.OutputFile output : manifest.outputs()) {
      ObjectUri uri = ObjectUri.parse(output.uri());
      assertThat(darkroom.store().get(uri, 1 << 20))
          .hasValueSatisfying(bytes -> assertThat(bytes).hasSize((int) output.bytes()));
    }
  }

  @Test
  void aRestartAfterAnOutageRendersNothingAgain() throws IOException {
    try (TestWorker first = darkroom()) {
      renderInAnOutage(first, spool);
      assertThat(spool.commits()).hasSize(1);
      assertThat(manifest()).doesNotExist();
    }
    restart(1 << 20);
    try (TestWorker second = darkroom()) {
      Manifest manifest =
          completed(second.over(second.store(), spool).settle(TestWorker.delivery(REQUEST)), true);

      assertThat(second.rows()).as("rendered again").isZero();
      isStored(second, manifest);
      assertThat(spool.bytes()).isZero();
    }
  }

  @Test
  void aShortOutageIsNotNoticed() throws IOException {
    try (TestWorker darkroom = darkroom()) {
      FaultyStore store = new FaultyStore(darkroom.store(), false).failObjects(2);

      Manifest manifest =
          completed(darkroom.over(store, spool).settle(TestWorker.delivery(REQUEST)), false);

      isStored(darkroom, manifest);
      assertThat(manifest()).exists();
      assertThat(spool.bytes()).isZero();
    }
  }

  @Test
  void aResultWithoutARecordIsStored() throws IOException {
    try (TestWorker darkroom = darkroom()) {
      renderInAnOutage(darkroom, spool);
      restart(1 << 20);

      new SpooledStore(darkroom.store(), spool).storeAll();

      assertThat(manifest()).exists();
      assertThat(spool.bytes()).isZero();
      try (Stream<Path> files = Files.list(folder.resolve("store/pictures/renders/job"))) {
        assertThat(files).hasSize(3);
      }
    }
  }

  @Test
  void theCommitOfAnotherWorkerIsKept() throws IOException {
    try (TestWorker darkroom = darkroom()) {
      renderInAnOutage(darkroom, spool);
      restart(1 << 20);
      Manifest other = completed(darkroom.settle(REQUEST), false);
      byte[] stored = Files.readAllBytes(manifest());

      new SpooledStore(darkroom.store(), spool).storeAll();

      assertThat(Files.readAllBytes(manifest())).isEqualTo(stored);
      isStored(darkroom, other);
      assertThat(spool.bytes()).isZero();
    }
  }

  @Test
  void aFullSpoolLeavesResultsInMemory() throws IOException {
    restart(1);
    try (TestWorker darkroom = darkroom()) {
      renderInAnOutage(darkroom, spool);
      assertThat(spool.bytes()).isZero();

      FaultyStore store = new FaultyStore(darkroom.store(), false).failObjects(2);
      isStored(
          darkroom,
          completed(darkroom.over(store, spool).settle(TestWorker.delivery(REQUEST)), false));
    }
  }

  @Test
  void refusalsAreNotSpooledAndNotKept() throws IOException {
    try (TestWorker darkroom = darkroom()) {
      FaultyStore refusing = new FaultyStore(darkroom.store(), true).failObjects(1000);
      assertThatThrownBy(() -> darkroom.over(refusing, spool).settle(TestWorker.delivery(REQUEST)))
          .isInstanceOf(ObjectStore.StoreFailure.class);
      assertThat(spool.bytes()).isZero();

      renderInAnOutage(darkroom, spool);
      new SpooledStore(refusing, spool).storeAll();
      assertThat(spool.bytes()).as("what is refused would fill it").isZero();
    }
  }
}
