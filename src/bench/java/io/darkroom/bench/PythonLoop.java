package io.darkroom.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The loop in Python, as a child process that renders on request. */
final class PythonLoop implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src/bench/python/loop.py");
  private static final double GUIDANCE = 2.5;

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final String version;

  /**
   * @param python the interpreter
   * @param threads threads of a call
   * @throws IOException if there is no interpreter with numpy and ONNX Runtime
   */
  PythonLoop(String python, MeasuredPackage measured, int images, int threads) throws IOException {
    List<String> command =
        List.of(
            python,
            SCRIPT.toString(),
            measured.folder().toString(),
            Integer.toString(images),
            Integer.toString(Renders.STEPS),
            Double.toString(measured.guidable() ? GUIDANCE : 1),
            Integer.toString(threads));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = process.outputWriter(StandardCharsets.UTF_8);
    version = answer();
  }

  /** Returns the version of ONNX Runtime in Python. */
  String version() {
    return version;
  }

  /** Renders all images once and returns the time that Python measured. */
  double seconds() {
    try {
      questions.write("go\n");
      questions.flush();
      return Double.parseDouble(answer());
    } catch (IOException ended) {
      throw new UncheckedIOException(ended);
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("python: must have numpy and onnxruntime (see the message above)");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
