package io.darkroom.demo;

/** Shows what is going on. */
interface Display extends AutoCloseable {

  /** Something came, of a request by this id. */
  void show(String id, Notice notice);

  @Override
  void close();
}
