package io.darkroom.engine;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/**
 * A package that the engine serves: the part that other threads need.
 *
 * @param card facts for planning
 * @param device the device and its self-test's verdict
 * @param tokenizer tokenizer of its text encoder
 * @param findings results of its self-test
 */
public record LoadedModel(
    ModelCard card, Fingerprint.Device device, Optional<Tokenizer> tokenizer, Findings findings) {}
