package io.darkroom.app.metrics;

/** Every metric of the worker: its name and what it measures. */
enum Metric {
  REQUESTS("darkroom.requests", "Requests with a terminal event."),
  REQUEST("darkroom.request", "From a record's publication to its outcome."),
  PHASE("darkroom.phase", "Time of a request in one phase."),
  PREVIEWS("darkroom.previews", "Previews by outcome."),

  EVALUATIONS("darkroom.evaluations", "Rows of the denoising network that images needed."),
  PADDING_ROWS("darkroom.padding.rows", "Rows that only pad a call."),
  CALL("darkroom.call", "Calls of the denoising network."),
  CALL_ROWS("darkroom.call.rows", "Rows of a call."),
  CALL_REQUESTS("darkroom.call.requests", "Different requests in a call."),
  CALL_FILL_RATIO("darkroom.call.fill.ratio", "Rows of a call over its maximum."),
  TEXTS("darkroom.texts", "Texts of prompts, by the source of their embeddings."),
  TEXTS_BYTES("darkroom.texts.bytes", "Memory of the embeddings that are kept."),
  EVALUATION_MILLISECONDS(
      "darkroom.evaluation.milliseconds", "Milliseconds per row, moving average."),
  ROW_MILLISECONDS(
      "darkroom.row.milliseconds",
      "Milliseconds per row of the package's own size, measured when it was loaded."),

  SLOTS_USED("darkroom.slots.used", "Images that are being denoised."),
  SLOTS_LIMIT(
      "darkroom.slots.limit", "Maximum number of images that are denoised at the same time."),
  BUCKET_ROWS("darkroom.bucket.rows", "Rows that wait for a call."),
  BACKLOG_DEVICE_SECONDS(
      "darkroom.backlog.device.seconds", "Device time of all waiting evaluations."),
  RECORDS_HELD("darkroom.records.held", "Requests in flight."),
  RECORDS_WAITING("darkroom.records.waiting", "Requests with an image that has no slot yet."),
  QUEUE_AGE_SECONDS("darkroom.queue.age.seconds", "Longest wait of a request for a slot."),

  STORE_REQUEST("darkroom.store.request", "Requests to the object store."),
  STORE_BYTES("darkroom.store.bytes", "Bytes read from or written to the object store."),
  STORE_ERRORS("darkroom.store.errors", "Requests to the object store that failed."),

  SPOOL_BYTES("darkroom.spool.bytes", "Size of finished results that wait for the store."),
  SPOOL_FILES("darkroom.spool.files", "Files of finished results that wait for the store."),

  MODEL_MEMORY_BYTES("darkroom.model.memory.bytes", "Memory of an open package, 0 if closed."),
  MODEL_LOADS("darkroom.model.loads", "How often a package was opened."),
  MODELS_LEFT_OUT("darkroom.models.left.out", "Broken packages."),
  SELF_TEST_EXACT(
      "darkroom.self.test.exact", "1 if images do not depend on the rest of their batch."),
  SELF_TEST_ANSWERS_KNOWN(
      "darkroom.self.test.answers.known", "1 if the networks gave the known answers."),

  CONTROL_MESSAGES("darkroom.control.messages", "Control messages read."),
  CANCELLATIONS_KEPT("darkroom.cancellations.kept", "Cancellations in memory.");

  private final String id;
  private final String help;

  Metric(String id, String help) {
    this.id = id;
    this.help = help;
  }

  /** Returns the name in Micrometer: words separated by dots. */
  String id() {
    return id;
  }

  /** Returns the help text on the metrics page. */
  String help() {
    return help;
  }
}
