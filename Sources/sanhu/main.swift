import ArgumentParser
import Crypto
print(SHA256.hash(data: [1, 2, 3]))
