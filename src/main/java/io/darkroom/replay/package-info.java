/**
 * Renders recorded requests again and compares the results with the stored ones; checks stored
 * results without rendering.
 */
@NullMarked
package io.darkroom.replay;

import org.jspecify.annotations.NullMarked;
