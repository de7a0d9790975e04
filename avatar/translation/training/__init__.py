"""How the embedded translation models come to be: data, training, conversion. Not needed to use them.

    python -m avatar.translation.training all --data DIR --work WORK --out WEIGHTS

or step by step (``prepare``, ``train``, ``finish``); a training that was stopped goes on from its checkpoint.
Needs the packages torch, transformers, sentencepiece, ctranslate2, sacrebleu and opencc-python-reimplemented.
"""
