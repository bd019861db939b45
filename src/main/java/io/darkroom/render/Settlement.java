package io.darkroom.render;

import io.darkroom.job.RenderOutcome;

/**
 * What is to be published for one delivery before it is acknowledged.
 *
 * @param outcome the terminal event's content
 * @param deadLetter whether the original bytes go to the dead letters too
 * @param account how it came to that
 */
public record Settlement(RenderOutcome outcome, boolean deadLetter, Account account) {}
