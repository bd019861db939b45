package io.darkroom.app;

import io.darkroom.kafka.GroupCheck;
import io.darkroom.kafka.KafkaSettings;
import io.darkroom.kafka.Publishing;
import io.darkroom.kafka.TopicCheck;
import io.darkroom.kafka.TopicCreation;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/**
 * Checks whether the topics exist and the broker accepts the records of the worker. Called by one
 * thread.
 */
@Singleton
public final class TopicProbe {
  private static final Logger LOG = Logger.getLogger(TopicProbe.class);
  private static final TopicCheck.Report UNKNOWN =
      new TopicCheck.Report(List.of("the topics are not checked yet"), List.of());

  private final TopicCheck check;
  private final Optional<TopicCreation> creation;
  private final GroupCheck group;
  private final Publishing publishing;
  private volatile TopicCheck.Report report = UNKNOWN;

  @Inject
  TopicProbe(
      DarkroomConfig config, KafkaSettings settings, GroupCheck group, Publishing publishing) {
    int bytes = config.limits().requestBytes();
    this.check = new TopicCheck(settings.topics(), bytes);
    this.creation =
        config.kafka().createTopics()
            ? Optional.of(
                new TopicCreation(settings.topics(), bytes, config.cancellations().retention()))
            : Optional.empty();
    this.group = group;
    this.publishing = publishing;
  }

  /**
   * Checks the topics, and creates missing ones if the configuration allows it.
   *
   * @throws ExecutionException if the broker does not answer
   */
  public void probe(Admin admin) throws ExecutionException, InterruptedException {
    if (creation.isPresent()) {
      creation.get().create(admin);
    }
    TopicCheck.Report found = check.check(admin).withStop(group.problem(admin));
    if (!found.equals(report)) {
      found.stops().forEach(stop -> LOG.warnf("requests are held reason=\"%s\"", stop));
      found.warnings().forEach(warning -> LOG.warnf("topic %s", warning));
    }
    report = found;
  }

  /** Returns the problem that prevents requests from beginning; empty if there is none. */
  public Optional<String> stop() {
    return report.stop();
  }

  /**
   * Returns why the worker is not ready: a problem of the topics, or the broker refuses records.
   */
  public Optional<String> problem() {
    return stop().or(publishing::problem);
  }

  /** Returns the problems that disable one function but not the rendering of requests. */
  public List<String> warnings() {
    return report.warnings();
  }
}
