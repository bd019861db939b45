package io.darkroom.json;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import java.util.List;

/** A schema validation that keeps the first errors and counts the others. For use by one thread. */
final class FirstErrors extends ExecutionContext {
  private final int most;
  private final List<Error> result = getErrors();
  private int more;

  FirstErrors(int most) {
    this.most = most;
  }

  /**
   * Records an error. The validator also calls this for conditions of the schema, whose errors
   * belong to separate lists.
   */
  @Override
  public void addError(Error error) {
    if (getErrors().size() < most) {
      super.addError(error);
    } else if (getErrors() == result) {
      more++;
    }
  }

  /** Returns the number of errors that were not kept. */
  int more() {
    return more;
  }
}
