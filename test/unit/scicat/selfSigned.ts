/** A certificate that nobody trusts, with its key, for 127.0.0.1; made for these tests and of use nowhere else. */
export const selfSigned = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUbOx/Zij2UrNUyDC2LNu5ZhBlQEgwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMTAxNVoYDzIxMjYxMDI4
MTIxMDE1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARdAegx6/6dBLrsAPsDWIgw0yziOAir4nPr8tpNYXYGeAlsid33PyrW
g/gtvFeMj/2dBrnPoJmwK3NolfpM02Szo2QwYjAdBgNVHQ4EFgQUdOx+5uVettMq
Xbouv3e3p0B4i8swHwYDVR0jBBgwFoAUdOx+5uVettMqXbouv3e3p0B4i8swDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IDhTnyq02den7wGSM1yq9yriFVtvJaF+SHbvZP9ZROfHAiEA4ArvbuFXdW8/f/+u
aulQjbLPpqMVykH+0dqLK5DJoeQ=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQge+nhMOvALPx+dUaX
/we/zjp5l3i8x5N80KZauTyoo82hRANCAARdAegx6/6dBLrsAPsDWIgw0yziOAir
4nPr8tpNYXYGeAlsid33PyrWg/gtvFeMj/2dBrnPoJmwK3NolfpM02Sz
-----END PRIVATE KEY-----
`,
};
