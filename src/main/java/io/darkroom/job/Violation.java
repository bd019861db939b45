package io.darkroom.job;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer JSON pointer into the request, empty for the whole
 * @param message the rule and the value
 */
public record Violation(String pointer, String message) {}
