package io.darkroom.app;

import io.darkroom.LocalS3;
import io.darkroom.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Broker and store for one worker. */
public final class WorkerStack implements QuarkusTestResourceLifecycleManager {
  /** The key under which the test finds the folder of the bucket. */
  static final String BUCKET_FOLDER = "test.bucket-folder";

  private LocalStack stack;

  @Override
  public Map<String, String> start() {
    Path folder;
    try {
      folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "worker");
      stack = LocalStack.start(folder);
    } catch (Exception e) {
      throw new IllegalStateException("stack: did not start", e);
    }
    return Map.of(
        "darkroom.kafka.bootstrap-servers",
        stack.kafka().bootstrapServers(),
        BUCKET_FOLDER,
        folder.resolve("s3").resolve(LocalStack.BUCKET).toString(),
        "darkroom.s3.endpoint",
        stack.s3().endpoint().toString(),
        "darkroom.s3.path-style",
        "true",
        "darkroom.s3.access-key-id",
        LocalS3.KEYS.accessKeyId(),
        "darkroom.s3.secret-access-key",
        LocalS3.KEYS.secretAccessKey());
  }

  @Override
  public void stop() {
    if (stack != null) {
      stack.close();
    }
  }
}
