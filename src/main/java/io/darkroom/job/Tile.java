package io.darkroom.job;

/** Windows of super-resolution: side and overlap in pixels of the small picture. */
public record Tile(int size, int overlap) {}
