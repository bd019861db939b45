package io.darkroom.app.cli;

import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.render.ObjectUri;
import io.darkroom.text.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Prints one line for each request and one for each violation, output and warning. */
final class OutcomePrinter {
  private final PrintWriter out;
  private final Path folder;

  OutcomePrinter(PrintWriter out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /** Prints an outcome. Returns whether the request was completed. */
  boolean print(Path file, RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Completed completed) {
      out.println(file + ": completed" + (completed.reused() ? ", from the stored result" : ""));
      completed.manifest().outputs().forEach(each -> out.println("  " + path(each)));
      completed
          .manifest()
          .warnings()
          .forEach(warning -> out.println("  " + Printable.line(warning)));
      return true;
    }
    if (outcome instanceof RenderOutcome.Failed failed) {
      print(file + ": failed", failed.problem());
    } else if (outcome instanceof RenderOutcome.Rejected rejected) {
      print(file + ": rejected", rejected.problem());
    } else {
      out.println(file + ": cancelled");
    }
    return false;
  }

  private void print(String begin, Problem problem) {
    out.println(begin + " (" + problem.kind().wire() + "): " + Printable.line(problem.message()));
    problem
        .violations()
        .forEach(
            each -> out.println("  " + Printable.line(each.pointer() + ": " + each.message())));
  }

  private Path path(Manifest.OutputFile file) {
    ObjectUri uri = ObjectUri.parse(file.uri());
    return folder.resolve(uri.bucket()).resolve(uri.key());
  }
}
