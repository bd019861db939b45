package io.darkroom.faults;

import java.util.concurrent.TimeUnit;

/** Faults of topics while the broker runs. */
final class BrokerScenarios {
  /** Longer than the interval between two checks of the topics. */
  private static final int LOOK_SECONDS = 12;

  private final FaultStack stack;
  private final int requests;

  BrokerScenarios(FaultStack stack, int requests) {
    this.stack = stack;
    this.requests = requests;
  }

  /**
   * No request begins while a required topic is missing; all are completed when it exists again.
   */
  void missingTopic(ScenarioRequests batch, String topic) throws Exception {
    stack.deleteTopic(topic);
    TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    batch.publish(requests);
    TimeUnit.SECONDS.sleep(3);
    batch.faultBeforeWork();
    batch.check(batch.ended() == 0, "no request must end while a topic is missing");
    stack.createTopics();
  }

  /** Requests continue while the topic of progress is missing. */
  void missingProgress(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.fault();
    stack.deleteTopic("darkroom.progress");
    batch.awaitEnded(requests);
    stack.createTopics();
  }

  /** The broker refuses events with a wrong time, as with a wrong clock. */
  void clockOff(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.fault();
    stack.configure("darkroom.events", "message.timestamp.before.max.ms", "0");
    batch.publish(requests);
    long before = batch.ended();
    TimeUnit.SECONDS.sleep(LOOK_SECONDS);
    batch.check(
        batch.ended() < batch.size(),
        "requests must wait while their events are refused, ended before: " + before);
    stack.configure("darkroom.events", "message.timestamp.before.max.ms", "");
  }
}
