/** A key for localhost that protects nothing: it is its own authority, and only tests trust it. Valid until 2126. */
export const loopbackKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmf7gAEZ5xcZeuqdR
I2uvjOG6gHtJ+hvCTdj22ATtKmyhRANCAARJGsMU8ffm1xu4AfC4KNf0tqM8CuGK
i9y6pnNF6Wcws6nOvlJPx7Rnpdeqkg4jmPUlXjJWL9Zm/avph7Ty5NVB
-----END PRIVATE KEY-----
`;

export const loopbackCertificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUcZEy9H6yc6wsfAC8VH3Gto+v80AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDEzMjIwM1oYDzIxMjYxMDMx
MTMyMjAzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARJGsMU8ffm1xu4AfC4KNf0tqM8CuGKi9y6pnNF6Wcws6nOvlJPx7Rn
pdeqkg4jmPUlXjJWL9Zm/avph7Ty5NVBo28wbTAdBgNVHQ4EFgQUBhFXwgl2yigF
jXnxfEA/9wqTDuMwHwYDVR0jBBgwFoAUBhFXwgl2yigFjXnxfEA/9wqTDuMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgR3f/fnlrR0sWSqWxlimbufaHuCfT9tqUmnufWk7bKpYCIGCT
O6O9DwLw79lMBecHizFTHcgEAbYGLgExZ374joF8
-----END CERTIFICATE-----
`;
