package io.darkroom.diffusion;

/**
 * One evaluation of the network: where the sample is and what the network is told. The two are kept
 * apart because schedulers round timesteps and keep the exact levels.
 *
 * @param timestep as the network was trained with
 */
record Visit(double timestep, Level level) {}
