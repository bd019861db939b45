package io.darkroom.console;

import io.darkroom.kafka.Consumption;
import io.darkroom.kafka.GroupMembers;
import io.darkroom.render.Outage;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/** Looks for the members of the group of workers. One thread calls {@link #look}. */
final class GroupWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GroupWatch.class.getName());

  private final GroupMembers members;
  private final Workers workers;
  private final Outage outage;

  GroupWatch(Map<String, Object> broker, String group, Consumption consumption, Workers workers) {
    this.members = new GroupMembers(broker, group, consumption);
    this.workers = workers;
    Consumer<String> log = text -> LOG.log(Level.WARNING, text);
    this.outage = new Outage("listing the group of workers", log, System::nanoTime);
  }

  /** Asks the broker once. A failure is logged, and the members are unknown until the next look. */
  void look() {
    try {
      workers.members(members.read());
      outage.worked();
    } catch (ExecutionException | KafkaException failure) {
      workers.membersUnknown();
      outage.failed(String.valueOf(failure.getMessage()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    members.close();
  }
}
