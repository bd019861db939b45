package io.darkroom.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Validates the headers of W3C Trace Context, level 1. Headers that violate sections 3.2 and 3.3
 * are ignored, so that a request cannot put arbitrary text into the headers of its events.
 */
final class TraceContext {
  /**
   * Version, trace id, parent id and flags. A version above 00 may have further fields after a
   * dash.
   */
  private static final Pattern PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "|(?!ff|00)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}-[!-~]*");

  private static final Pattern MEMBER =
      Pattern.compile(
          "([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
              + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");

  private static final int MAX_LENGTH = 512;
  private static final int MAX_MEMBERS = 32;

  private TraceContext() {}

  /**
   * Returns the valid headers by name. Without a valid parent the result is empty. An empty text
   * counts as absent.
   */
  static Map<String, String> of(String parent, String state) {
    Map<String, String> context = new HashMap<>();
    if (parent.length() <= MAX_LENGTH && PARENT.matcher(parent).matches()) {
      context.put("traceparent", parent);
      if (!state.isEmpty() && isState(state)) {
        context.put("tracestate", state);
      }
    }
    return context;
  }

  private static boolean isState(String state) {
    if (state.length() > MAX_LENGTH) {
      return false;
    }
    Set<String> keys = new HashSet<>();
    int members = 0;
    for (String part : state.split(",", -1)) {
      String member = part.strip();
      members++;
      boolean known = member.isEmpty() || keys.add(member.split("=", 2)[0]);
      if (!known || members > MAX_MEMBERS || !isMember(member)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a text is a list member. The specification allows empty members. */
  private static boolean isMember(String member) {
    return member.isEmpty() || MEMBER.matcher(member).matches();
  }
}
