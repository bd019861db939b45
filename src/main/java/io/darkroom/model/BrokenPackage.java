package io.darkroom.model;

import org.jspecify.annotations.Nullable;

/** A model package that cannot be served: something in it is missing, malformed or unknown. */
public final class BrokenPackage extends Exception {
  private static final long serialVersionUID = 1L;
  private final String file;
  private final String field;
  private final boolean inexact;
  private final String name;

  /**
   * @param file the file or folder, relative to the package
   * @param field what in it, may be empty
   * @param problem the rule and the value
   */
  public BrokenPackage(String file, String field, String problem) {
    this(file, field, problem, null, false);
  }

  /**
   * A problem with its cause.
   *
   * @param file the file or folder, relative to the package
   * @param field what in it, may be empty
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

  /** A network whose rows depend on one another more than the tier allows. */
  public static BrokenPackage inexact(String file, String model, String tier) {
    String problem =
        "needs one row a call (darkroom.engine.rows-by-model."
            + model
            + "=1) or the fast tier: a row's bits depend on the rows beside it, which the "
            + tier
            + " tier does not allow";
    return new BrokenPackage(file, "", problem, null, true);
  }

  /** A network that gives other bits than those that are known for it. */
  public static BrokenPackage unlike(String component, String expected, String given) {
    String problem =
        "must give the known answer " + expected + " on a machine of this kind, gives " + given;
    return new BrokenPackage(component, "", problem, null, true);
  }

  /** The name of the package; empty where it is not known yet. */
  public String name() {
    return name;
  }

  /** The file or folder, relative to the package. */
  public String file() {
    return file;
  }

  /** What in the file, e.g. a key; may be empty. */
  public String field() {
    return field;
  }

  /** Whether the package could be served, but not in the tier that is asked for. */
  public boolean inexact() {
    return inexact;
  }

  /** The same, with the name of the package in front of the message. */
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
