package io.darkroom.json;

/** A CloudEvent in binary mode: attributes and data. */
public final class CloudEvent {
  private final EventAttributes attributes;
  private final byte[] data;

  CloudEvent(EventAttributes attributes, byte[] data) {
    this.attributes = attributes;
    this.data = data;
  }

  /** Returns the attributes, which are the headers of a record. */
  public EventAttributes attributes() {
    return attributes;
  }

  /** Returns the value of a record, JSON in UTF-8. The array is not copied: read only. */
  public byte[] data() {
    return data;
  }

  @Override
  public String toString() {
    return attributes + ", " + data.length + " bytes";
  }
}
