package io.darkroom.json;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import java.util.List;

/** A validation that keeps the first errors and counts the others. One thread. */
final class FirstErrors extends ExecutionContext {
  private final int most;
  private final List<Error> result = getErrors();
  private int more;

  FirstErrors(int most) {
    this.most = most;
  }

  /** Called for conditions of the schema, too, whose errors go to lists of their own. */
  @Override
  public void addError(Error error) {
    if (getErrors().size() < most) {
      super.addError(error);
    } else if (getErrors() == result) {
      more++;
    }
  }

  /** Errors that were not kept. */
  int more() {
    return more;
  }
}
