package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import io.darkroom.model.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Encodes the pictures of jobs that are about to get slots. Engine thread only. */
final class PictureEncoding {
  private boolean done;

  /** Starts an iteration of the engine, in which the pictures of one job may be encoded. */
  void beginIteration() {
    done = false;
  }

  /** Encodes the pictures of a job if they are not encoded yet and this iteration allows it. */
  void encode(ActiveJob job, Networks networks) {
    if (!job.inputs().needsEncodings() || done) {
      return;
    }
    done = true;
    Optional<LatentCodec> codec = networks.latentCodec();
    if (codec.isEmpty()) {
      job.fail(ErrorClass.MODEL, "model: " + job.stage().model().name() + " has no encoder");
      return;
    }
    List<Map<String, Tensor>> pictures = job.inputs().pictures();
    job.inputs()
        .setEncodedPictures(pictures.stream().map(each -> encode(job, each, codec.get())).toList());
  }

  private static List<Tensor> encode(
      ActiveJob job, Map<String, Tensor> pictures, LatentCodec codec) {
    return job.stage().encodings().stream()
        .map(picture -> codec.encode(picture.of(pictures)))
        .toList();
  }
}
