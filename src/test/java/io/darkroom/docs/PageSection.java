package io.darkroom.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A generated section of a page: the text between {@code <!-- NAME: begin -->} and {@code <!--
 * NAME: end -->}.
 *
 * @param name in both marks
 */
record PageSection(String name) {

  /** The text between the marks. */
  String in(String page) {
    return page.substring(begin(page), end(page));
  }

  /** Replaces the text between the marks of a file. */
  void write(Path file, String text) throws IOException {
    String page = Files.readString(file);
    Files.writeString(file, page.substring(0, begin(page)) + text + page.substring(end(page)));
  }

  private int begin(String page) {
    String mark = mark("begin");
    return position(page, mark) + mark.length();
  }

  private int end(String page) {
    return position(page, mark("end"));
  }

  private String mark(String which) {
    return "<!-- " + name + ": " + which + " -->\n";
  }

  private static int position(String page, String mark) {
    int position = page.indexOf(mark);
    if (position < 0) {
      throw new IllegalArgumentException("page: must contain the line " + mark.strip());
    }
    return position;
  }
}
