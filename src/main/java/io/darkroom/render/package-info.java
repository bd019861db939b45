/** The way of one job: plan, fetch, render, decode, encode, store, settle; port for the store. */
@org.jspecify.annotations.NullMarked
package io.darkroom.render;
