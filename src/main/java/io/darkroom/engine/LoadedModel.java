package io.darkroom.engine;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/**
 * A package that the engine serves, as far as other threads need it.
 *
 * @param card what planning knows of it
 * @param device what computes it, with the verdict of its self-test
 * @param tokenizer of its text encoder
 * @param findings of its self-test
 */
public record LoadedModel(
    ModelCard card, Fingerprint.Device device, Optional<Tokenizer> tokenizer, Findings findings) {}
