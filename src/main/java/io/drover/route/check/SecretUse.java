package io.drover.route.check;

/**
 * A place where a route names a secret.
 *
 * @param file relative to the routes directory
 * @param line from 1
 * @param name of the secret
 */
public record SecretUse(String file, int line, String name) {}
