package io.darkroom.render;

import io.darkroom.job.RenderOutcome;

/**
 * The result of one record, published before the record is acknowledged.
 *
 * @param outcome content of the terminal event
 * @param deadLetter whether the record is also sent to the dead letters
 * @param account facts for metrics, traces and logs
 */
public record Settlement(RenderOutcome outcome, boolean deadLetter, Account account) {}
