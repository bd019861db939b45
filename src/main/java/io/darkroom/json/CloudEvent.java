package io.darkroom.json;

/** A CloudEvent in binary mode: attributes beside the data. */
public final class CloudEvent {
  private final EventAttributes attributes;
  private final byte[] data;

  CloudEvent(EventAttributes attributes, byte[] data) {
    this.attributes = attributes;
    this.data = data;
  }

  /** The headers of a record. */
  public EventAttributes attributes() {
    return attributes;
  }

  /** The value of a record, JSON in UTF-8. The array itself, not a copy: read only. */
  public byte[] data() {
    return data;
  }

  @Override
  public String toString() {
    return attributes + ", " + data.length + " bytes";
  }
}
