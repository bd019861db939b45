package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Violation;
import java.util.List;

/** Finds the package that a request names. */
final class Serving {
  private static final String POINTER = "/model";

  private Serving() {}

  static LoadedModel model(ServedModels models, ModelRef ref) throws RenderFailure {
    LoadedModel served =
        models
            .named(ref.name())
            .orElseThrow(() -> unserved("must be one of " + models.names() + ", is " + ref.name()));
    if (ref.sha256().isPresent() && !ref.sha256().get().equals(served.card().sha256())) {
      throw unserved(
          "its sha256 must be " + served.card().sha256() + " here, is " + ref.sha256().get());
    }
    return served;
  }

  private static RenderFailure unserved(String rule) {
    return RenderFailure.rejected(
        ErrorClass.MODEL,
        "this worker does not serve the model",
        List.of(new Violation(POINTER, rule)));
  }
}
