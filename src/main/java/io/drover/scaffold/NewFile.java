package io.drover.scaffold;

/**
 * A file to be written.
 *
 * @param name relative to the routes directory
 */
record NewFile(String name, String text) {}
