package io.darkroom.onnx;

/** A model package that cannot be served: something in it is missing, malformed or unknown. */
public final class BrokenPackage extends Exception {
  private static final long serialVersionUID = 1L;
  private final String file;
  private final String field;

  /**
   * @param file the file or folder, relative to the package
   * @param field what in it, may be empty
   * @param problem the rule and the value
   */
  public BrokenPackage(String file, String field, String problem) {
    super(text(file, field, problem));
    this.file = file;
    this.field = field;
  }

  /** As above, with what the machine said. */
  public BrokenPackage(String file, String field, String problem, Throwable cause) {
    super(text(file, field, problem), cause);
    this.file = file;
    this.field = field;
  }

  /** The file or folder, relative to the package. */
  public String file() {
    return file;
  }

  /** What in the file, e.g. a key; may be empty. */
  public String field() {
    return field;
  }

  /** The same, with the name of the package in front of the message. */
  BrokenPackage in(String name) {
    return new BrokenPackage(name, this);
  }

  private BrokenPackage(String name, BrokenPackage problem) {
    super(name + ": " + problem.getMessage(), problem.getCause());
    this.file = problem.file;
    this.field = problem.field;
  }

  private static String text(String file, String field, String problem) {
    return file + ": " + (field.isEmpty() ? "" : field + ": ") + problem;
  }
}
