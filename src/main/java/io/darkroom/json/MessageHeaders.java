package io.darkroom.json;

/**
 * The headers of a record that say what its bytes are; each is empty where the record has none.
 *
 * @param contentType the header {@code content-type}
 * @param specVersion the header {@code ce_specversion} of a CloudEvent in binary mode
 * @param type the header {@code ce_type} of a CloudEvent in binary mode
 */
public record MessageHeaders(String contentType, String specVersion, String type) {

  /** Of a record that is no CloudEvent in binary mode. */
  public static MessageHeaders of(String contentType) {
    return new MessageHeaders(contentType, "", "");
  }

  /** Whether the record is a CloudEvent in binary mode, unless its content type says otherwise. */
  boolean binaryEvent() {
    return !specVersion.isEmpty() || !type.isEmpty();
  }
}
