package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.Version;
import io.darkroom.job.ErrorClass;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.DeadLetter;
import io.darkroom.kafka.Redrive;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Publishes selected dead letters to the topic of requests again. */
@Command(
    name = "redrive",
    description = {
      "Publishes dead letters to the topic of requests again, with key, bytes and headers"
          + " unchanged.",
      "Options select dead letters; a dead letter must match all of them."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:the broker or a topic is not usable", "2:invalid arguments"})
final class RedriveCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--class",
      split = ",",
      paramLabel = "CLASS",
      description = "Error classes, e.g. storage,internal.")
  private List<String> classes = List.of();

  @Option(
      names = "--id",
      paramLabel = "PATTERN",
      description = "Ids of requests, or keys if there is no id; * stands for any characters.")
  private @Nullable String id;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = InstantOption.class,
      description = "Earliest time: 2026-01-31T10:00:00Z, or a duration before now, e.g. 2h.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = InstantOption.class,
      description = "Latest time, exclusive.")
  private @Nullable Instant until;

  @Option(names = "--all", description = "All dead letters, if no other option selects any.")
  private boolean all;

  @Option(names = "--limit", paramLabel = "N", description = "Maximum number.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--again",
      description = "Includes dead letters that were redriven before; otherwise they are skipped.")
  private boolean again;

  @Option(names = "--dry-run", description = "Lists what would be published.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException, InterruptedException {
    DeadLetterFilter filter = filter();
    Terminal terminal = Terminal.of(spec);
    LocalConfig config = LocalConfig.open();
    RequestCodec codec = new RequestCodec(config.worker().limits().requestBytes());
    try (Redrive redrive =
        new Redrive(
            config.broker(), Configured.topics(config.worker().kafka()), System::nanoTime)) {
      Run run = new Run(terminal, redrive, codec, filter);
      redrive.read(run::take);
      run.finish();
      return 0;
    } catch (KafkaException e) {
      terminal.complain(config.broker().get("bootstrap.servers") + ": " + e.getMessage());
      return 1;
    }
  }

  private DeadLetterFilter filter() {
    DeadLetterFilter filter =
        new DeadLetterFilter(
            classes,
            Optional.ofNullable(id),
            Optional.ofNullable(since),
            Optional.ofNullable(until));
    List<String> known = Stream.of(ErrorClass.values()).map(ErrorClass::wire).toList();
    classes.stream()
        .filter(each -> !known.contains(each))
        .forEach(
            unknown ->
                refuse("--class: must be one of " + String.join(", ", known) + ", is " + unknown));
    if (filter.equals(DeadLetterFilter.ALL) && !all) {
      refuse("one of --class, --id, --since, --until and --all is required");
    }
    OptionCheck.atLeastOne(spec, "--limit", limit);
    return filter;
  }

  private void refuse(String problem) {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), problem);
    }
  }

  /** One run of the command with its counters. */
  private final class Run {
    private final Terminal terminal;
    private final Redrive redrive;
    private final RequestCodec codec;
    private final DeadLetterFilter filter;
    private int chosen;
    private int skipped;

    Run(Terminal terminal, Redrive redrive, RequestCodec codec, DeadLetterFilter filter) {
      this.terminal = terminal;
      this.redrive = redrive;
      this.codec = codec;
      this.filter = filter;
    }

    void take(DeadLetter letter) throws InterruptedException {
      if (!filter.matches(letter, codec)) {
        return;
      }
      if (letter.redriven() && !again) {
        skipped++;
      } else if (!letter.complete()) {
        terminal.complain(letter.source() + ": has no value, it was too large; skipped");
      } else if (chosen < limit) {
        chosen++;
        print(letter);
        if (!dryRun) {
          redrive.send(letter);
        }
      }
    }

    private void print(DeadLetter letter) {
      terminal
          .out()
          .printf(
              "%s %s class=%s id=%s message=%s%n",
              letter.published(),
              letter.source(),
              letter.errorClass(),
              Printable.logValue(letter.id(codec)),
              Printable.logValue(letter.message()));
    }

    void finish() {
      String before = skipped == 0 ? "" : ", " + skipped + " skipped that were redriven before";
      terminal.out().println(chosen + (dryRun ? " to redrive" : " redriven") + before);
    }
  }
}
