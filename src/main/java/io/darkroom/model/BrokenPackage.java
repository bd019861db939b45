package io.darkroom.model;

import org.jspecify.annotations.Nullable;

/** Thrown if a model package cannot be served because a part is missing, malformed or unknown. */
public final class BrokenPackage extends Exception {
  private static final long serialVersionUID = 1L;
  private final String file;
  private final String field;
  private final boolean inexact;
  private final String name;

  /**
   * @param file the file or folder, relative to the package
   * @param field the field in the file; may be empty
   * @param problem the rule and the value
   */
  public BrokenPackage(String file, String field, String problem) {
    this(file, field, problem, null, false);
  }

  /**
   * A problem with its cause.
   *
   * @param file the file or folder, relative to the package
   * @param field the field in the file; may be empty
   * @param problem the rule and the value
   */
  public BrokenPackage(String file, String field, String problem, Throwable cause) {
    this(file, field, problem, cause, false);
  }

  private BrokenPackage(
      String file, String field, String problem, @Nullable Throwable cause, boolean inexact) {
    super(text(file, field, problem), cause);
    this.file = file;
    this.field = field;
    this.inexact = inexact;
    this.name = "";
  }

  /** Creates the error that a network's rows depend on one another more than the tier allows. */
  public static BrokenPackage inexact(String file, String model, String tier) {
    String problem =
        "needs one row a call (darkroom.engine.rows-by-model."
            + model
            + "=1) or the fast tier: the bits of a row depend on the other rows of the call, which"
            + " the "
            + tier
            + " tier does not allow";
    return new BrokenPackage(file, "", problem, null, true);
  }

  /** Creates the error that a network's output differs from the known answer. */
  public static BrokenPackage unlike(String component, String expected, String given) {
    String problem =
        "must give the known answer " + expected + " on this kind of machine, gives " + given;
    return new BrokenPackage(component, "", problem, null, true);
  }

  /** Returns the name of the package; empty if it is not known yet. */
  public String name() {
    return name;
  }

  /** Returns the file or folder, relative to the package. */
  public String file() {
    return file;
  }

  /** Returns the field in the file, e.g. a key; may be empty. */
  public String field() {
    return field;
  }

  /** Returns whether the package could be served in a lower tier. */
  public boolean inexact() {
    return inexact;
  }

  /** Returns a copy whose message starts with the name of the package. */
  public BrokenPackage in(String name) {
    return new BrokenPackage(name, this);
  }

  private BrokenPackage(String name, BrokenPackage problem) {
    super(name + ": " + problem.getMessage(), problem.getCause());
    this.file = problem.file;
    this.field = problem.field;
    this.inexact = problem.inexact;
    this.name = name;
  }

  private static String text(String file, String field, String problem) {
    return file + ": " + (field.isEmpty() ? "" : field + ": ") + problem;
  }
}
