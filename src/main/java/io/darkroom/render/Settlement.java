package io.darkroom.render;

import io.darkroom.job.RenderOutcome;

/**
 * The result of settling a record. It is published before the record is acknowledged.
 *
 * @param outcome content of the terminal event
 * @param deadLetter whether the record is also published as a dead letter
 * @param account facts for metrics, traces and logs
 */
public record Settlement(RenderOutcome outcome, boolean deadLetter, Account account) {}
