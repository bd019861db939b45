package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import java.util.concurrent.CompletableFuture;

/**
 * The models that requests may name: those that are loaded, and those that are loaded when a
 * request names them. Safe for use by many threads.
 */
public interface Models {

  /** Returns the models that are loaded now. */
  ServedModels loaded();

  /**
   * Asks for a model without waiting for it. Close the demand when its request has ended; until
   * then the model stays loaded.
   */
  Demand demand(String name);

  /**
   * The wish of one request for a model.
   *
   * @param answer completes when the model is loaded or cannot be loaded; fails with {@link
   *     ObjectStore.StoreFailure} if the store cannot be read, with {@link TryLater} if too many
   *     requests wait, and with {@link Unsettled} if the worker ends
   * @param release ends the use of the model
   */
  record Demand(CompletableFuture<Answer> answer, Runnable release) implements AutoCloseable {

    /** Returns a demand that is answered already and needs no release. */
    static Demand answered(Answer answer) {
      return new Demand(CompletableFuture.completedFuture(answer), () -> {});
    }

    @Override
    public void close() {
      release.run();
    }
  }

  /** Whether a model can be used. */
  sealed interface Answer {
    /** The model can be used. */
    record Loaded(LoadedModel model) implements Answer {}

    /** There is no package of this name. */
    record Absent() implements Answer {}

    /**
     * The package cannot be loaded.
     *
     * @param reason the file and the rule that it breaks
     */
    record Broken(String reason) implements Answer {}
  }
}
