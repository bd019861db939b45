package io.darkroom.json;

/**
 * The record headers that describe the format of its bytes. Missing headers are empty.
 *
 * @param contentType the header {@code content-type}
 * @param specVersion the header {@code ce_specversion} of a CloudEvent in binary mode
 * @param type the header {@code ce_type} of a CloudEvent in binary mode
 */
public record MessageHeaders(String contentType, String specVersion, String type) {

  /** Creates the headers of a record that is not a CloudEvent in binary mode. */
  public static MessageHeaders of(String contentType) {
    return new MessageHeaders(contentType, "", "");
  }

  /**
   * Returns whether the record is a CloudEvent in binary mode, unless its content type contradicts
   * that.
   */
  boolean binaryEvent() {
    return !specVersion.isEmpty() || !type.isEmpty();
  }
}
