package io.darkroom.job;

/**
 * A signed statement about a render: a DSSE envelope with an in-toto statement.
 *
 * @param payloadType media type of the payload
 * @param payload the statement in base64
 * @param keyId id of the signing key
 * @param signature the signature in base64
 */
public record Attestation(String payloadType, String payload, String keyId, String signature) {}
