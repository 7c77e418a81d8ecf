"""The voices of the stories under short names: the cast that speaks, and what each one may do."""

from __future__ import annotations

from app.demo.story import Verb

ALINE = "aline@demo.example"
ADAM = "adam@demo.example"
CHLOE = "chloe@demo.example"
BRUNO = "bruno@demo.example"
BASILE = "basile@demo.example"
MARC = "marc@demo.example"
MATHILDE = "mathilde@demo.example"
CAMILLE = "camille@demo.example"
DIDIER = "didier@demo.example"
FATOU = "fatou@demo.example"
MELANIE = "melanie@demo.example"
PASCAL = "pascal@demo.example"
BERTILLE = "bertille@demo.example"

REPLY = Verb.REPLY
TAKE = Verb.TAKE
RESOLVE = Verb.RESOLVE
ASK = Verb.ASK
NOTE = Verb.NOTE
NOT_COMPETENT = Verb.NOT_COMPETENT
PASS = Verb.PASS
FLAG_PROCEDURE = Verb.FLAG_PROCEDURE
ASSOCIATE = Verb.ASSOCIATE
INVITE = Verb.INVITE
WITHDRAW = Verb.WITHDRAW
CLOSE = Verb.CLOSE
REOPEN = Verb.REOPEN
READ = Verb.READ
REVOKE = Verb.REVOKE
