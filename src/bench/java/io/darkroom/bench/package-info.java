/** What a render costs beside what its networks cost, measured side by side. */
@org.jspecify.annotations.NullMarked
package io.darkroom.bench;
