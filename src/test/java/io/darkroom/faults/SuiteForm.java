package io.darkroom.faults;

import java.util.Locale;

/** The forms of the fault suite. */
enum SuiteForm {
  /** A part of the scenarios, for each build: under five minutes on two cores. */
  CI(16, 16, 1, 8),
  /** All scenarios but three. */
  SHORT(32, 32, 3, 15),
  /** All scenarios. */
  LONG(140, 2000, 100, 60),
  /** The kills of the long form, without the other scenarios. */
  KILLS(140, 2000, 100, 60);

  private final int requests;
  private final int many;
  private final int kills;
  private final int storeDownSeconds;

  SuiteForm(int requests, int many, int kills, int storeDownSeconds) {
    this.requests = requests;
    this.many = many;
    this.kills = kills;
    this.storeDownSeconds = storeDownSeconds;
  }

  static SuiteForm of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** Requests of most scenarios. */
  int requests() {
    return requests;
  }

  /** Requests of the scenario that kills workers. */
  int many() {
    return many;
  }

  int kills() {
    return kills;
  }

  /** Requests that are published before each kill. */
  int requestsPerKill() {
    return Math.max(many / kills, 16);
  }

  /** Steps of the request of many images, which must last longer than all others. */
  int largeSteps() {
    return this == CI ? 150 : 400;
  }

  int storeDownSeconds() {
    return storeDownSeconds;
  }
}
