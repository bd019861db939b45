package io.darkroom.faults;

import java.util.concurrent.TimeUnit;

/** What goes wrong with topics while the broker runs. */
final class BrokerScenarios {
  /** Longer than from one look of a worker at the topics to the next. */
  private static final int LOOK_SECONDS = 12;

  private final World world;
  private final int requests;

  BrokerScenarios(World world, int requests) {
    this.world = world;
    this.requests = requests;
  }

  /** Without a topic that a worker needs no request begins; with it again, all are completed. */
  void missingTopic(Batch batch, String topic) throws Exception {
    world.deleteTopic(topic);
    TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    batch.publish(requests);
    TimeUnit.SECONDS.sleep(3);
    batch.faultBeforeWork();
    batch.check(batch.ended() == 0, "no request must end while a topic is missing");
    world.createTopics();
  }

  /** Without the topic of progress requests go on. */
  void missingProgress(Batch batch) throws Exception {
    batch.publish(requests);
    batch.fault();
    world.deleteTopic("darkroom.progress");
    batch.awaitEnded(requests);
    world.createTopics();
  }

  /** The broker refuses events whose time is not its own, as it does where a clock is off. */
  void clockOff(Batch batch) throws Exception {
    batch.publish(requests);
    batch.fault();
    world.configure("darkroom.events", "message.timestamp.before.max.ms", "0");
    batch.publish(requests);
    long before = batch.ended();
    TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    batch.check(
        batch.ended() < batch.size(),
        "requests must wait while their events are refused, ended before: " + before);
    world.configure("darkroom.events", "message.timestamp.before.max.ms", "");
  }
}
