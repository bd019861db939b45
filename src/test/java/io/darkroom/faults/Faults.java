package io.darkroom.faults;

import io.darkroom.faults.FaultProxy.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs worker processes, a real broker and a real store behind a proxy, and injects faults. Prints
 * a table of the outcomes of the requests, and exits with 1 if a goal is missed.
 */
public final class Faults {
  /** Above the session time-out of a consumer and the lock of a share group's record. */
  private static final int PAUSE_SECONDS = 40;

  private static final String KILLS = "kill -9";

  /** The session time-out of a consumer (6 s) and 2 s. */
  private static final double TAKE_OVER_SECONDS = 8;

  /** Scenarios that interrupt renders: these may be started again. */
  private static final Set<String> INTERRUPTING =
      Set.of(KILLS, "poison", "pause", "broker restart", "two digests");

  private static final List<Fault> STORE_FAULTS =
      List.of(
          new Fault.Answer(500, "InternalError"),
          new Fault.Answer(503, "SlowDown"),
          new Fault.Answer(507, "InsufficientStorage"),
          new Fault.Answer(409, "OperationAborted"),
          new Fault.Answer(412, "PreconditionFailed"),
          new Fault.Reset(),
          new Fault.Truncate(),
          new Fault.Lose(),
          new Fault.Delay(1500));

  private final FaultStack stack;
  private final SuiteForm form;
  private final int requests;
  private double millisPerRequest;
  private final Map<String, Set<String>> calm = new HashMap<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();

  private Faults(FaultStack stack, SuiteForm form) {
    this.stack = stack;
    this.form = form;
    this.requests = form.requests();
  }

  private interface Scenario {
    void run(ScenarioRequests batch) throws Exception;
  }

  /**
   * Runs every scenario and prints the table; exits with 1 if a goal is missed.
   *
   * @param args the packaged worker; {@code ci}, {@code short}, {@code long}, {@code kills}, or
   *     {@code replay} for {@link ReplayProof}; a seed; {@code consumer-group} or {@code
   *     share-group}
   */
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[2]);
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "faults-");
    System.out.printf("form=%s seed=%d consumption=%s logs=%s%n", args[1], seed, args[3], folder);
    Map<String, String> settings = Map.of("DARKROOM_KAFKA_CONSUMPTION", args[3]);
    int status;
    try (FaultStack stack = new FaultStack(folder, Path.of(args[0]), seed, settings)) {
      status =
          args[1].equals("replay")
              ? new ReplayProof(stack, Path.of(args[0])).run()
              : new Faults(stack, SuiteForm.of(args[1])).run();
    }
    System.exit(status);
  }

  private int run() throws Exception {
    stack.join();
    stack.join();
    stack.awaitServing();
    scenario("calm", this::calm);
    scenario(KILLS, this::kills);
    if (form != SuiteForm.KILLS) {
      runOthers();
    }
    System.out.println(Verdict.table(verdicts));
    missed.forEach(System.out::println);
    return missed.isEmpty() ? 0 : 1;
  }

  private void runOthers() throws Exception {
    runBriefScenarios();
    if (form != SuiteForm.CI) {
      runSlowScenarios();
    }
    if (form == SuiteForm.LONG) {
      runLongScenarios();
    }
  }

  private void runBriefScenarios() throws Exception {
    scenario("broker restart", this::brokerRestart);
    scenario("joins and leaves", this::joinsAndLeaves);
    scenario("cancel races", this::cancelRaces);
    scenario("deadline races", this::deadlineRaces);
    scenario("store faults", this::storeFaults);
    scenario("store down", this::storeDown);
    scenario("large and small", this::largeWithSmall);
  }

  private void runSlowScenarios() throws Exception {
    scenario("pause", this::pause);
    BrokerScenarios broker = new BrokerScenarios(stack, requests);
    scenario("missing topic", batch -> broker.missingTopic(batch, "darkroom.dead-letters"));
    scenario("clock off", broker::clockOff);
    FileScenarios files = new FileScenarios(stack, requests);
    scenario("two digests", files::twoDigests);
    scenario("full disk", files::fullDisk);
    scenario("poison", this::poison);
  }

  private void runLongScenarios() throws Exception {
    BrokerScenarios broker = new BrokerScenarios(stack, requests);
    scenario("slow store", this::slowStore);
    scenario("missing events", batch -> broker.missingTopic(batch, "darkroom.events"));
    scenario("missing progress", broker::missingProgress);
  }

  private void scenario(String name, Scenario scenario) throws Exception {
    ScenarioRequests batch = new ScenarioRequests(stack, name);
    long began = System.nanoTime();
    try {
      scenario.run(batch);
    } catch (MissedGoal inVain) {
      batch.check(false, inVain.getMessage());
    }
    Verdict verdict = batch.verdict(calm);
    verdicts.add(verdict);
    int interruptions = INTERRUPTING.contains(name) ? verdict.faults() : 0;
    // A restart of the broker interrupts the requests of all workers, a kill those of one.
    int workers = name.equals("broker restart") ? stack.workers() : 1;
    missed.addAll(verdict.allMissed(interruptions * workers, FaultStack.IN_FLIGHT));
    if (name.equals(KILLS) && form != SuiteForm.CI) { // a build runs on a machine of any speed
      missed.addAll(verdict.slowTakeOver(TAKE_OVER_SECONDS));
      double[] seconds = batch.firstsTakenUpSeconds();
      System.out.printf(
          "first taken up after: median %.1f s, 95 of 100 within %.1f s, all within %.1f s%n",
          seconds[seconds.length / 2],
          seconds[seconds.length * 95 / 100],
          seconds[seconds.length - 1]);
    }
    System.out.printf("%-20s %4.0f s  %s%n", name, (System.nanoTime() - began) / 1e9, verdict);
  }

  private void calm(ScenarioRequests batch) throws Exception {
    long began = System.nanoTime();
    batch.publish(requests);
    batch.awaitEnded(requests);
    millisPerRequest = (System.nanoTime() - began) / 1e6 / requests;
  }

  /** Kills a worker while two serve, again and again; the other one takes its requests. */
  private void kills(ScenarioRequests batch) throws Exception {
    for (int i = 0; i < form.kills(); i++) {
      int before = batch.ids().size();
      batch.publish(form.requestsPerKill());
      batch.awaitEnded(before + 1);
      batch.awaitTakenUp();
      batch.fault(stack.oldest());
      stack.kill();
      stack.join();
      stack.awaitServing();
    }
  }

  private void brokerRestart(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.awaitEnded(requests / 4);
    batch.fault();
    stack.restartBroker(Duration.ofSeconds(5));
  }

  private void joinsAndLeaves(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.awaitEnded(requests / 8);
    batch.fault();
    stack.join();
    batch.awaitEnded(requests / 2);
    batch.fault(stack.oldest());
    long began = System.nanoTime();
    stack.leave();
    System.out.printf("SIGTERM to exit: %.1f s%n", (System.nanoTime() - began) / 1e9);
  }

  /** A process that is paused for longer than the session timeout, and then continues. */
  private void pause(ScenarioRequests batch) throws Exception {
    stack.awaitServing();
    batch.publish(requests);
    batch.awaitEnded(requests / 8);
    batch.fault(stack.oldest());
    stack.pause();
    TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
    stack.goOn();
  }

  /** Each is cancelled somewhere between its publication and its end. */
  private void cancelRaces(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.fault();
    Random random = stack.random();
    Set<String> left = new HashSet<>(batch.ids());
    while (!left.isEmpty()) {
      String id = List.copyOf(left).get(random.nextInt(left.size()));
      left.remove(id);
      if (random.nextBoolean()) {
        stack.until(
            id + " begun",
            () -> stack.events().count(id, "started") > 0 || stack.events().ended(id));
      }
      stack.cancel(id);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
    }
  }

  private void storeFaults(ScenarioRequests batch) throws Exception {
    Function<FaultProxy.Request, Fault> rule =
        request -> {
          Random random = stack.random();
          synchronized (random) {
            return random.nextInt(4) > 0
                ? Fault.NONE
                : STORE_FAULTS.get(random.nextInt(STORE_FAULTS.size()));
          }
        };
    stack.proxy().rule(rule);
    batch.publish(requests);
    batch.fault();
    batch.awaitEnded(requests / 2);
    stack.proxy().rule(request -> Fault.NONE);
  }

  private void storeDown(ScenarioRequests batch) throws Exception {
    batch.publish(requests);
    batch.awaitEnded(requests / 8);
    batch.fault();
    stack.proxy().rule(request -> new Fault.Reset());
    TimeUnit.SECONDS.sleep(form.storeDownSeconds());
    stack.proxy().rule(request -> Fault.NONE);
  }

  private void slowStore(ScenarioRequests batch) throws Exception {
    stack.proxy().rule(request -> new Fault.Delay(2000));
    batch.publish(requests / 2);
    batch.fault();
    batch.awaitEnded(requests / 2);
    stack.proxy().rule(request -> Fault.NONE);
  }

  /** Each has a deadline somewhere between its publication and the end of all. */
  private void deadlineRaces(ScenarioRequests batch) throws Exception {
    Random random = stack.random();
    for (int i = 0; i < requests; i++) {
      long most = (long) (1.5 * requests * millisPerRequest);
      Instant deadline = Instant.now().plusMillis(500 + (long) (random.nextDouble() * most));
      batch.publish(Integer.toString(i), i, 1, 20, Optional.of(deadline));
    }
    batch.fault();
    batch.awaitEnded(requests);
    batch.check(
        batch.ids().stream()
            .flatMap(id -> stack.events().of(id).stream())
            .filter(event -> event.kind().equals("failed"))
            .allMatch(event -> event.data().at("/error/class").asText().equals("deadline")),
        "a request must be completed or fail with class deadline");
  }

  /** The process that renders it is killed each time that it begins. */
  private void poison(ScenarioRequests batch) throws Exception {
    while (stack.workers() > 1) {
      stack.leave();
    }
    batch.publish("poison", 1_000_000, 8, 1000);
    batch.publish(requests / 4);
    String poison = batch.ids().get(0);
    for (int i = 1; i <= 3; i++) {
      int begun = i;
      stack.until(
          "poison begun " + i + " times", () -> stack.events().count(poison, "started") >= begun);
      batch.fault();
      stack.kill();
      stack.join();
    }
    stack.join();
    stack.awaitServing();
    batch.awaitEnded(batch.ids().size());
    batch.check(
        stack.events().count(poison, "failed") > 0
            && stack.events().count(poison, "dead-letter") > 0,
        "the poison must fail with a dead letter");
    batch.check(
        batch.ids().stream().skip(1).allMatch(id -> stack.events().count(id, "completed") > 0),
        "all others must be completed");
  }

  private void largeWithSmall(ScenarioRequests batch) throws Exception {
    batch.publish("large", 2_000_000, 32, form.largeSteps());
    String large = batch.ids().get(0);
    stack.until("the large one begun", () -> stack.events().count(large, "started") > 0);
    batch.publish(requests);
    batch.awaitEnded(requests);
    batch.check(!stack.events().ended(large), "small requests must not wait for the large one");
  }
}
