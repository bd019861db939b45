/** Signs manifests and checks their signatures: in-toto statements in DSSE envelopes, Ed25519. */
@NullMarked
package io.darkroom.attest;

import org.jspecify.annotations.NullMarked;
