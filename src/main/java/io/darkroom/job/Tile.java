package io.darkroom.job;

/** Windows of super-resolution, in pixels of the small picture: side and overlap. */
public record Tile(int size, int overlap) {}
