package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Tensor;
import java.util.Map;
import java.util.Optional;

/** Encodes the pictures of jobs that are about to get their slots. Engine thread only. */
final class PictureEncoding {
  private boolean done;

  /** A turn of the engine begins: it has time for the pictures of one job. */
  void turn() {
    done = false;
  }

  /** Encodes a job's pictures where it has any that are not, and this turn allows it. */
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
