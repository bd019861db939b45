package io.darkroom.job;

/**
 * A violated rule of a request.
 *
 * @param pointer JSON pointer into the request; empty for the whole request
 * @param message the rule and the value
 */
public record Violation(String pointer, String message) {}
