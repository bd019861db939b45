package io.darkroom.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A simulated queue of a worker: contenders arrive at random, get slots, are called by the policy
 * and leave. Time is the duration of the calls.
 */
final class Queueing {
  static final long AGEING = 50;
  static final int QUICKEST = 1;
  static final int SLOWEST = 5;

  private final Random random;
  private final int places;
  private final List<Fake> waiting = new ArrayList<>();
  private final List<FakeLine> lines = new ArrayList<>();
  private final CallScheduler scheduler = new CallScheduler(AGEING);
  private long now;
  private long came;

  /** A waiting contender. */
  static final class Fake implements CallScheduler.Contender {
    final int line;
    final int priority;
    final int rows;
    final long came;
    final long order;
    final long deadline;
    int level;
    long since;
    int left;

    /** Duration of a call of its line. */
    long takes;

    /** Number of calls since it got its slot or was called. */
    int passed;

    Fake(int line, int priority, int rows, int left, long came, long order, long deadline) {
      this.line = line;
      this.priority = priority;
      this.level = priority;
      this.rows = rows;
      this.left = left;
      this.came = came;
      this.since = came;
      this.order = order;
      this.deadline = deadline;
    }

    @Override
    public int level() {
      return level;
    }

    @Override
    public long waitingSinceNanos() {
      return since;
    }

    @Override
    public long deadlineNanos() {
      return deadline;
    }

    @Override
    public long workNanos() {
      return left * takes;
    }

    @Override
    public long order() {
      return order;
    }

    @Override
    public int rows() {
      return rows;
    }
  }

  /** Contenders that share calls. */
  static final class FakeLine implements CallScheduler.Line {
    final List<Fake> members = new ArrayList<>();
    final int mostRows;
    final long takes;
    long last = -1;

    FakeLine(int mostRows, long takes) {
      this.mostRows = mostRows;
      this.takes = takes;
    }

    void add(Fake... fakes) {
      for (Fake fake : fakes) {
        fake.takes = takes;
        members.add(fake);
      }
    }

    @Override
    public List<Fake> contenders() {
      return members;
    }

    @Override
    public long lastCallNanos() {
      return last;
    }

    @Override
    public int mostRows() {
      return mostRows;
    }
  }

  /** A call that was made. */
  record Called(FakeLine line, List<Fake> served) {}

  Queueing(long seed, int lines, int places) {
    this.random = new Random(seed);
    this.places = places;
    for (int i = 0; i < lines; i++) {
      this.lines.add(
          new FakeLine(2 + random.nextInt(7), QUICKEST + random.nextInt(SLOWEST - QUICKEST + 1)));
    }
  }

  /** Adds a contender. */
  Fake comes(int line, int priority, int rows, int calls, long timeLeft) {
    long deadline = timeLeft == Long.MAX_VALUE ? timeLeft : now + timeLeft;
    Fake fake = new Fake(line, priority, rows, calls, now, came++, deadline);
    fake.takes = lines.get(line).takes;
    waiting.add(fake);
    return fake;
  }

  /** Adds a contender, more often than not of high priority. */
  void addRandomly() {
    int priority = random.nextInt(3) > 0 ? 9 - random.nextInt(2) : random.nextInt(10);
    long timeLeft = random.nextInt(3) == 0 ? random.nextInt(200) : Long.MAX_VALUE;
    comes(
        random.nextInt(lines.size()),
        priority,
        1 + random.nextInt(2),
        1 + random.nextInt(8),
        timeLeft);
  }

  /** Assigns free slots; returns the contenders that got one. */
  List<Fake> admit() {
    List<Fake> admitted = new ArrayList<>();
    scheduler.order(waiting, now);
    while (!waiting.isEmpty() && held() < places) {
      Fake first = waiting.remove(0);
      first.level = scheduler.kept(first, now);
      first.since = now;
      lines.get(first.line).members.add(first);
      admitted.add(first);
    }
    return admitted;
  }

  /** Runs one call and returns it; null if no member waits. */
  @Nullable Called call() {
    FakeLine line = scheduler.choose(lines, now);
    if (line == null) {
      return null;
    }
    int count = scheduler.fill(line);
    List<Fake> served = List.copyOf(line.members.subList(0, count));
    line.last = now;
    now += line.takes;
    lines.forEach(each -> each.members.forEach(member -> member.passed++));
    for (Fake member : served) {
      member.level = scheduler.kept(member, now);
      member.since = now;
      member.left--;
      member.passed = 0;
    }
    line.members.removeIf(member -> member.left == 0);
    return new Called(line, served);
  }

  List<Fake> waiting() {
    return waiting;
  }

  List<FakeLine> lines() {
    return lines;
  }

  int held() {
    return lines.stream().mapToInt(line -> line.members.size()).sum();
  }
}
