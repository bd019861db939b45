package io.darkroom.demo;

/** Shows the progress. */
interface Display extends AutoCloseable {

  /** Shows a notice of a request with this id. */
  void show(String id, Notice notice);

  @Override
  void close();
}
