package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Tensor;
import java.util.Map;
import java.util.Optional;

/** Encodes the pictures of jobs that are about to get slots. Engine thread only. */
final class PictureEncoding {
  private boolean done;

  /** Starts an iteration of the engine, in which the pictures of one job may be encoded. */
  void turn() {
    done = false;
  }

  /** Encodes the pictures of a job if they are not encoded yet and this iteration allows it. */
  void encode(ActiveJob job, Networks networks) {
    if (!job.needsEncodings() || done) {
      return;
    }
    done = true;
    Optional<LatentCodec> codec = networks.latentCodec();
    if (codec.isEmpty()) {
      job.broken(ErrorClass.MODEL, "model: " + job.stage().model().name() + " has no encoder");
      return;
    }
    Map<String, Tensor> pictures = job.pictures();
    job.encodedPictures(
        job.stage().encodings().stream()
            .map(picture -> codec.get().encode(picture.of(pictures)))
            .toList());
  }
}
